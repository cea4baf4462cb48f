using GradCamSharp;
using GradCamSharp.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

// Where every extension of service collections lies, so that it is found without one more using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Explainers as services.</summary>
public static class GradCamServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="PictureExplainer"/> as a singleton. Its model is loaded when the service is first asked
    /// for; the container disposes it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets at least <see cref="GradCamOptions.ModelPath"/>.</param>
    /// <returns>
    /// The options, to be bound to configuration, or validated when the host starts (<c>ValidateOnStart</c>) rather than on first use.
    /// </returns>
    /// <remarks>
    /// Resolving the service throws an <see cref="OptionsValidationException"/> that lists everything that is wrong with the options, or a
    /// <see cref="OnnxGrad.ModelException"/> where the model cannot be explained.
    /// </remarks>
    public static OptionsBuilder<GradCamOptions> AddGradCam(this IServiceCollection services, Action<GradCamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => Load(provider, Options.Options.DefaultName));
        return Configure(services, Options.Options.DefaultName, configure);
    }

    /// <summary>
    /// Adds a <see cref="PictureExplainer"/> as a keyed singleton: one of several models, asked for as
    /// <c>[FromKeyedServices("name")]</c> or <c>GetRequiredKeyedService&lt;PictureExplainer&gt;("name")</c>. Its model is loaded when
    /// the service is first asked for; the container disposes it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The service's key and the options' name.</param>
    /// <param name="configure">Sets at least <see cref="GradCamOptions.ModelPath"/>.</param>
    /// <inheritdoc cref="AddGradCam(IServiceCollection, Action{GradCamOptions})" path="/returns|/remarks"/>
    public static OptionsBuilder<GradCamOptions> AddGradCam(
        this IServiceCollection services, string name, Action<GradCamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.TryAddKeyedSingleton(name, (provider, _) => Load(provider, name));
        return Configure(services, name, configure);
    }

    private static OptionsBuilder<GradCamOptions> Configure(IServiceCollection services, string name, Action<GradCamOptions>? configure)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GradCamOptions>, GradCamOptionsValidation>());
        var options = services.AddOptions<GradCamOptions>(name);
        return configure is null ? options : options.Configure(configure);
    }

    private static PictureExplainer Load(IServiceProvider provider, string name)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<GradCamOptions>>().Get(name);
        return PictureExplainer.Load(options.ModelPath, options.Explainer, options.Preprocessing, options.Labels);
    }
}
