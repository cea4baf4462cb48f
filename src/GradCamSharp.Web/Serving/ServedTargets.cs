namespace GradCamSharp.Web.Serving;

/// <summary>
/// A model whose targets are explained. One request at a time uses it; those that run the network so often that it takes long have a
/// copy of their own, so that the others do not wait for them.
/// </summary>
/// <param name="load">Loads the model.</param>
internal sealed class ServedTargets(Func<PictureTargets> load) : IDisposable
{
    private readonly ServedCopy<PictureTargets> common = new(load), forLong = new(load);

    /// <summary>Uses the model.</summary>
    /// <param name="isLong">Whether it takes long.</param>
    /// <param name="use">What is done with it.</param>
    /// <param name="cancellationToken">Gives up waiting for it.</param>
    public T Use<T>(bool isLong, Func<PictureTargets, T> use, CancellationToken cancellationToken) =>
        (isLong ? forLong : common).Use(use, cancellationToken);

    public void Dispose()
    {
        common.Dispose();
        forLong.Dispose();
    }
}
