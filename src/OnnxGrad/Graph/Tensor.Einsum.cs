namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>
    /// A sum of products over named axes (Einstein's notation): one letter an axis, the letters that the result lacks are summed.
    /// </summary>
    /// <param name="result">The letters of the result's axes, each once.</param>
    /// <param name="operands">
    /// The letters of each operand's axes, and the operand. A letter's length is the same wherever it stands.
    /// </param>
    public static Tensor Einsum(string result, params ReadOnlySpan<(string Letters, Tensor Tensor)> operands)
    {
        var lengths = new Dictionary<char, Dimension>();
        bool mapped = false;
        foreach (var (letters, tensor) in operands)
        {
            mapped |= tensor.IsMapped;
            for (int i = 0; i < letters.Length; i++)
                lengths[letters[i]] = tensor.Shape[i];
        }

        string map = mapped
            ? Enumerable.Range('A', 58).Select(l => (char)l).First(l => char.IsAsciiLetter(l) && !lengths.ContainsKey(l)).ToString()
            : "";
        var terms = new string[operands.Length];
        var inputs = new Tensor?[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            terms[i] = (operands[i].Tensor.IsMapped ? map : "") + operands[i].Letters;
            inputs[i] = operands[i].Tensor;
        }

        var shape = new Shape([.. result.Select(l => lengths[l])]);
        return Raw("Einsum", inputs, operands[0].Tensor.Type, shape, mapped, ("equation", $"{string.Join(',', terms)}->{map}{result}"));
    }
}
