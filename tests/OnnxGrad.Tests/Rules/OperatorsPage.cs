using System.Globalization;
using System.Text;
using OnnxGrad.Tests.NodeTests;

namespace OnnxGrad.Tests.Rules;

/// <summary>Writes docs/operators.md from the table of rules and the table of their tests.</summary>
internal static class OperatorsPage
{
    private static readonly Dictionary<string, string> Notes = new()
    {
        ["Clip"] = "A rectifier from 0 on (ReLU6): guided backpropagation and deconvolution apply. No gradient at the bounds themselves.",
        ["DequantizeLinear"] =
            "Straight through: of Q and DQ with one scale the pair passes what arrives. " +
            "Integers between them may be moved, pooled, joined.",
        ["DynamicQuantizeLinear"] = "Straight through; the scale is taken as it is.",
        ["QuantizeLinear"] =
            "Straight through; 0 where the integers saturate. Where the least integer stands for 0 that is a rectifier: " +
            "guided backpropagation and deconvolution apply.",
        ["Dropout"] = "Inference only: training_mode is refused where the ratio is not 0.",
        ["BatchNormalization"] = "Inference only: training_mode is refused.",
        ["LRN"] = "ONNX Runtime itself refuses even sizes.",
        ["Max"] = "Between equal operands the gradient is split evenly, as PyTorch does.",
        ["MeanVarianceNormalization"] = "Finite where the standard deviation is 0.",
        ["Min"] = "Between equal operands the gradient is split evenly, as PyTorch does.",
        ["Pow"] = "0 to the base where the exponent is 0; 0 to the exponent where the base is not positive.",
        ["ReduceL2"] = "0 where the norm is 0.",
        ["LpNormalization"] = "0 where the norm is 0.",
        ["ReduceMax"] = "Between equal elements the gradient is split evenly, as PyTorch's amax does.",
        ["ReduceMin"] = "Between equal elements the gradient is split evenly, as PyTorch's amin does.",
        ["ReduceProd"] = "Exact where elements are 0.",
        ["Relu"] = "0 at 0. Guided backpropagation and deconvolution apply.",
        ["Abs"] = "0 at 0.",
        ["Sqrt"] = "0 at 0, where the derivative is infinite.",
    };

    public static string Render(IReadOnlyList<RuleCase> rows)
    {
        var page = new StringBuilder();
        var known = StandardOperators.Registry.Definitions.ToList();
        var ruled = known.Where(d => d.Rule is not null).ToList();
        int rules = ruled.Count, standard = ruled.Count(d => !d.Name.Contains('.', StringComparison.Ordinal));
        page.Append(
            CultureInfo.InvariantCulture,
            $"# Operators that can be differentiated\n\n" +
            $"{rules} operators have a gradient rule, {standard} of the ONNX standard's and the rest ONNX Runtime's own; each rule is " +
            $"compared with central differences, in double precision where ONNX Runtime computes the\n" +
            $"operator so, with the runtime's optimisations off and on, in {rows.Count} rows of the tests' table. " +
            $"Models of older opsets are brought to opset\n" +
            $"{OnnxModel.OldestOpset} first, so old forms of an operator count as the new one. " +
            $"How to add an operator: [adding-an-operator.md](adding-an-operator.md).\n\n" +
            $"This page is written from the tables by a test; " +
            $"`GRADCAM_UPDATE_DOCS=1 dotnet run --project tests/OnnxGrad.Tests -- -class \"*OperatorsPage*\"` writes it anew.\n");
        foreach (var family in ruled.GroupBy(d => d.Family, d => d.Name).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"\n## {family.Key}\n\n" +
                $"| operator | rows | variants tested | notes |\n|---|---|---|---|\n");
            foreach (string op in family)
            {
                var own = rows.Where(r => r.Operator == op).ToList();
                string variants = string.Join("; ", own.Select(r => r.Note).Where(n => n.Length > 0))
                    .Replace("|", "\\|", StringComparison.Ordinal);
                page.Append(CultureInfo.InvariantCulture, $"| {op} | {own.Count} | {variants} | {Notes.GetValueOrDefault(op, "")} |\n");
            }
        }

        int left = LeftOut.Tests.Count, agreeing = LeftOut.Qualifying - left;
        page.Append(
            CultureInfo.InvariantCulture,
            $"\n## The standard's own tests\n\n" +
            $"Of the ONNX standard's node tests, {LeftOut.Qualifying} qualify for a comparison with central differences: " +
            $"their operator has a rule, a floating-point output depends on a\n" +
            $"floating-point input, and ONNX Runtime can run them. {agreeing} of them " +
            $"({100.0 * agreeing / LeftOut.Qualifying:f1} %) agree; these are left out:\n\n" +
            $"| test | operator | reason |\n|---|---|---|\n");
        foreach (var (test, op, reason) in LeftOut.Tests)
            page.Append(CultureInfo.InvariantCulture, $"| {test} | {op} | {reason} |\n");
        page.Append("\n## Operators that pass no gradient\n\nTheir derivative is zero wherever it exists; ");
        page.Append("they may stand anywhere in a model. So may Cast to integers.\n\n");
        page.Append(string.Join(", ", known.Where(d => d.IsPiecewiseConstant).Select(d => d.Name))).Append(".\n");
        page.Append("\n## Refused\n\nOn the way from the layer to the score these are refused by name; elsewhere they may stand. ");
        page.Append("Every other operator that is not on this page is refused likewise, because it has no rule yet.\n\n");
        page.Append("| operator | reason |\n|---|---|\n");
        foreach (var definition in known.Where(d => d.Refusal is not null))
            page.Append(CultureInfo.InvariantCulture, $"| {definition.Name} | {definition.Refusal} |\n");
        foreach (var definition in ruled)
        {
            for (int input = 0; input < 3; input++)
            {
                if (definition.RefusalOf(input) is { } why)
                    page.Append(CultureInfo.InvariantCulture, $"| {definition.Name}, input {input} | {why} |\n");
            }
        }

        return page.ToString().ReplaceLineEndings("\n");
    }
}
