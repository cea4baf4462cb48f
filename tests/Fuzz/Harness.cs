using GradCamSharp.Imaging;
using OnnxGrad;

namespace GradCamSharp.Fuzz;

/// <summary>One way into the project for data that nobody vouches for.</summary>
public abstract class Harness : IDisposable
{
    /// <summary>The name on the command line and in the log.</summary>
    public abstract string Name { get; }

    /// <summary>Words of the format, which mutations put in.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>Inputs that are right, made by code: what mutations start from.</summary>
    public abstract IReadOnlyList<byte[]> Seeds();

    /// <summary>Feeds one input.</summary>
    /// <param name="input">The bytes.</param>
    /// <returns>Whether it was taken; false where it was refused by a typed error.</returns>
    /// <exception cref="Exception">Anything else than a typed error: a fault.</exception>
    public bool Feed(byte[] input)
    {
        try
        {
            Take(input);
            return true;
        }
        catch (Exception e) when (IsTyped(e))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Take(byte[] input);

    /// <summary>The errors that the documentation of this way in promises.</summary>
    protected virtual bool IsTyped(Exception exception) => exception is ModelException or InvalidDataException or PictureException;

    protected virtual void Dispose(bool disposing)
    {
    }
}
