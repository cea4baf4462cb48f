using GradCamSharp.Methods;

namespace GradCamSharp;

public sealed partial class Explainer
{
    private readonly Dictionary<(ulong Seed, double Share), Explainer> randomised = [];
    private readonly Lock randomisedGate = new();
    private bool isDisposed;

    /// <summary>
    /// The same network with the weights of its last layers in random order: what a map shows of it cannot come from what was learned
    /// (Adebayo et al., arXiv 1810.03292). Each tensor is permuted by <see cref="RandomNumbers.Named"/> of <c>weights/NAME</c>.
    /// </summary>
    /// <param name="seed">The seed of the permutations.</param>
    /// <param name="share">The share of the layers with weights, from the last one back: more than 0, up to 1.</param>
    /// <returns>An explainer of the same layer, made when it is first asked for. It is this one's, and goes with it.</returns>
    /// <exception cref="OnnxGrad.ModelException">The weights cannot be read, or are too many to be held in memory.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public Explainer Randomised(ulong seed, double share = 1)
    {
        if (!(share > 0 && share <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share of the layers is more than 0 and at most 1.");
        lock (randomisedGate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (!randomised.TryGetValue((seed, share), out var other))
            {
                var permuted = model.WithPermutedWeights(
                    share, (name, count) => RandomNumbers.Named(seed, "weights/" + name).Order(count));
                randomised[(seed, share)] = other = From(permuted, Options with { Layer = Layer.Name });
            }

            return other;
        }
    }

    private void DisposeRandomised()
    {
        lock (randomisedGate)
        {
            isDisposed = true;
            foreach (var other in randomised.Values)
                other.Dispose();
            randomised.Clear();
        }
    }
}
