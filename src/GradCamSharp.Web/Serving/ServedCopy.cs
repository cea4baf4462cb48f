namespace GradCamSharp.Web.Serving;

/// <summary>A copy of a model, loaded when it is first wanted. One request at a time uses it.</summary>
/// <param name="load">Loads it.</param>
internal sealed class ServedCopy<TModel>(Func<TModel> load) : IDisposable
    where TModel : class, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private TModel? model;

    /// <summary>Uses the model.</summary>
    /// <param name="use">What is done with it.</param>
    /// <param name="cancellationToken">Gives up waiting for it.</param>
    public T Use<T>(Func<TModel, T> use, CancellationToken cancellationToken)
    {
        turn.Wait(cancellationToken);
        try
        {
            return use(model ??= load());
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        model?.Dispose();
        turn.Dispose();
    }
}
