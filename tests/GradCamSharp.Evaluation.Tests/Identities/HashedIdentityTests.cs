using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Identities;

namespace GradCamSharp.Evaluation.Tests.Identities;

public sealed class HashedIdentityTests
{
    // The lines by hand: sorted by name, objects taken apart, what is incidental left out.
    [Fact]
    public void Of_ADocument_IsTheHashOfItsCanonicalForm()
    {
        const string Text = """{"seed": 3, "model": {"sha256": "ab", "file": "m.onnx"}, "methods": ["é", "b"], "shard": null}""";
        byte[] canonical = Encoding.UTF8.GetBytes("methods=[\"é\",\"b\"]\nmodel.sha256=\"ab\"\nseed=3\nshard=null\n");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(canonical)),
            HashedIdentity.Of(JsonNode.Parse(Text)!.AsObject(), "model.file").Sha256);
    }

    [Fact]
    public void Differences_AnotherSeedAndAnotherValueMore_AreNamed()
    {
        var one = HashedIdentity.Of(new JsonObject { ["seed"] = 1 });
        var other = HashedIdentity.Of(new JsonObject { ["seed"] = 2, ["data"] = new JsonObject { ["mapping"] = "by label" } });
        Assert.Equal(["data.mapping is null, not \"by label\"", "seed is 1, not 2"], one.Differences(other));
        Assert.Equal(["seed is 1, not 2"], one.Differences(other, "data.mapping"));
        Assert.NotEqual(one.ShortName, other.ShortName);
    }
}
