using System.Globalization;
using GradCamSharp.Targets;

namespace GradCamSharp.Heads.Families;

/// <summary>The scores of the next word at every step: one run of an encoder-decoder (BLIP, TrOCR, GIT, VQA).</summary>
internal sealed class TextDecoder : VisionHead
{
    private readonly OutputInfo logits;
    private readonly string words;

    private TextDecoder(HeadContext context, OutputInfo logits, string words)
        : base(context) => (this.logits, this.words) = (logits, words);

    public override string Task => "caption";

    public override string Family => "a text decoder's step";

    public override string Reason =>
        $"the output '{logits.Name}' {logits.Shape} holds a score for every word at each of {logits.Shape[1]} steps, " +
        $"and '{words}' takes words";

    public override Target Default => new TokenTarget(-1);

    public override bool IsAboutWholePicture => true;

    public override string Examples => "token:last, token:2, token:2=WORD and token:all";

    /// <summary>The input that takes the words.</summary>
    public string Words => words;

    public static TextDecoder? Recognize(HeadContext context)
    {
        // An encoder may take words too, a question; the steps are those of the decoder.
        string? words = context.OtherInputs.FirstOrDefault(i => i.Contains("decoder_input_ids", StringComparison.OrdinalIgnoreCase))
            ?? context.OtherInputs.FirstOrDefault(i => i.Contains("input_ids", StringComparison.OrdinalIgnoreCase));
        var logits = context.Named("logits");
        return words is not null && logits is { IsFloat: true, Shape.Rank: 3 } && context.HasBatch(logits)
            ? new TextDecoder(context, logits, words) : null;
    }

    public override HeadReading Read(ModelRun run, int item, PixelFrame frame)
    {
        long best = Best(run, item, logits.Shape[1].Value - 1);
        return new HeadReading(run, item, frame)
        {
            Summary = string.Create(
                CultureInfo.InvariantCulture, $"the next word is number {best}")
                + (Context.Labels.Count > 0 ? $" ({Context.Labels[best]})" : ""),
        };
    }

    public override TargetScore Score(Target target, HeadReading reading)
    {
        if (target is not TokenTarget token)
            throw Lacks(target);
        var (run, item) = (reading.Run, reading.Item);
        long steps = logits.Shape[1].Value;
        if (token.Step is null)
        {
            if (!run.TryGet(words, out var fed) || fed.Shape.Rank != 2 || fed.Shape[1].Value != steps)
                throw Lacks(target);
            // The word after step t is the one that was fed at t + 1.
            return TargetScore.Sum(Enumerable.Range(0, (int)steps - 1).Select(t =>
                (1.0, run.Element(logits.Name, item, t, WordOf((long)fed.At(fed.Shape[0] == 1 ? 0 : item, t + 1))))));
        }

        long step = token.Step.Value < 0 ? steps - 1 : token.Step.Value;
        if (step >= steps)
            throw Wrong($"There is no step {step}: the text has {steps} words, steps 0 to {steps - 1}.", "Give one of these.");
        long word = token.Word is null ? Best(run, item, step)
            : ClassOf(token.Word, logits.Shape[2].Value, rank => rank == 1 ? Best(run, item, step)
                : throw Wrong($"'{token}' is no target: of a step's words top1 can be asked for.", "Name another word by its number."));
        return run.Element(logits.Name, item, step, word);
    }

    private long WordOf(long number) => number >= 0 && number < logits.Shape[2].Value ? number
        : throw Wrong($"'{words}' holds {number}; the model knows the words 0 to {logits.Shape[2].Value - 1}.",
            "Feed its tokenizer's numbers.");

    private long Best(ModelRun run, int item, long step)
    {
        var value = run[logits.Name];
        long best = 0;
        for (long w = 1; w < logits.Shape[2].Value; w++)
        {
            if (value.At(item, step, w) > value.At(item, step, best))
                best = w;
        }

        return best;
    }
}
