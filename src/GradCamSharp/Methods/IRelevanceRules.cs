using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Rules by which relevance goes back through a network, for what asks for relevance at a layer.</summary>
internal interface IRelevanceRules
{
    /// <summary>Their name, for messages.</summary>
    string Name { get; }

    /// <summary>The table for a network.</summary>
    RuleSet RulesFor(MapContext context);
}
