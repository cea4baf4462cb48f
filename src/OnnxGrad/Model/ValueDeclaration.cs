using OnnxGrad.Protobuf;

namespace OnnxGrad;

/// <summary>An input or output as the model's file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">
/// Its shape; null where the file does not even say the rank. A length that the file gives as a symbol has that symbol, and one of which it
/// says nothing a symbol of its own.
/// </param>
public sealed record ValueDeclaration(string Name, ElementType Type, Shape? Shape)
{
    internal static ValueDeclaration From(ValueInfoProto info)
    {
        var tensor = info.Type?.TensorType;
        Shape? shape = tensor?.Shape is { } declared ? new Shape([.. declared.Dim.Select((d, axis) => Length(info.Name, d, axis))]) : null;
        return new ValueDeclaration(info.Name, (ElementType)(tensor?.ElemType ?? 0), shape);
    }

    private static Dimension Length(string name, TensorShapeProto.Types.Dimension declared, int axis) => declared switch
    {
        { ValueCase: TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue, DimValue: > 0 } => declared.DimValue,
        { DimParam.Length: > 0 } => new Dimension(declared.DimParam),
        _ => new Dimension($"{name}_{axis}"),
    };
}
