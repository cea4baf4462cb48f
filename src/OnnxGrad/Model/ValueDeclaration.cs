using OnnxGrad.Protobuf;

namespace OnnxGrad;

/// <summary>An input or output as the model's file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">
/// Its shape, <see cref="Shape.Dynamic"/> where the file gives a symbol or nothing; null where it does not even say the rank.
/// </param>
public sealed record ValueDeclaration(string Name, ElementType Type, Shape? Shape)
{
    internal static ValueDeclaration From(ValueInfoProto info)
    {
        var tensor = info.Type?.TensorType;
        Shape? shape = tensor?.Shape is { } s
            ? new Shape([.. s.Dim.Select(d =>
                d.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && d.DimValue > 0
                    ? d.DimValue : OnnxGrad.Shape.Dynamic)])
            : null;
        return new ValueDeclaration(info.Name, (ElementType)(tensor?.ElemType ?? 0), shape);
    }
}
