using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Identities;
using GradCamSharp.Imaging;

namespace GradCamSharp.Studies.Tests;

/// <summary>Studies and answers for tests.</summary>
internal static class TestStudy
{
    /// <summary>A study whose pictures "0001", "0002", ... are spread evenly over classes "class 1", "class 2", ...</summary>
    public static Study Of(int classes, int perClass, long seed = 1) => new()
    {
        Recipe = new StudyRecipe
        {
            Model = new ModelIdentity("model.onnx", new string('a', 64), "features", "nchw", "softmax", 10, new string('c', 64), "cpu"),
            Preprocessing = new JsonObject { ["scale"] = 1 },
            Data = new DataIdentity("folder", "images", classes * perClass, new string('b', 64), "by label", null),
            Methods = ["gradcam++", "gradcam"],
            Classes = ["auto"],
            ClassCount = classes,
            PerClass = perClass,
            Seed = seed,
            Versions = new ProgramVersions("1", "2"),
        },
        Classes = [.. Enumerable.Range(1, classes).Select(c => new StudyClass($"class {c}", $"class {c}", 0.5))],
        Pictures = [.. Enumerable.Range(0, classes * perClass).Select(i => new StudyPicture(
            $"{i + 1:0000}", $"class {(i / perClass) + 1}", $"{i}.jpg", i / perClass, "label", 0.9f, i / perClass,
            $"{i:x8}0.png", $"{i:x8}1.png", $"{i:x8}2.png", []))],
    };

    /// <summary>Writes a study and pictures of 64 x 64 pixels, each of a colour of its own; grey originals.</summary>
    public static void Write(Study study, string folder)
    {
        study.Save(folder);
        Directory.CreateDirectory(Path.Combine(folder, Study.PicturesFolder));
        for (int i = 0; i < study.Pictures.Count; i++)
        {
            var picture = study.Pictures[i];
            byte shade = (byte)(40 + (i % 200));
            (string, byte, byte)[] files = [(picture.Original, shade, shade), (picture.MapA, shade, 0), (picture.MapB, 0, shade)];
            foreach (var (name, red, blue) in files)
            {
                byte[] pixels = [.. Enumerable.Repeat<byte[]>([red, shade, blue], 64 * 64).SelectMany(p => p)];
                File.WriteAllBytes(Path.Combine(folder, Study.PicturesFolder, name), PictureEncoder.ToPng(new Picture(64, 64, pixels)));
            }
        }
    }

    /// <summary>Answers as text, one letter a person and one word a picture: A, B, s (the same) or - (no answer).</summary>
    public static IEnumerable<StudyAnswer> Answers(Study study, params string[] words)
    {
        for (int picture = 0; picture < words.Length; picture++)
        {
            for (int person = 0; person < words[picture].Length; person++)
            {
                if (words[picture][person] != '-')
                {
                    var preference = words[picture][person] switch { 'A' => Preference.A, 'B' => Preference.B, _ => Preference.Same };
                    yield return new StudyAnswer($"P{person:00}", study.Pictures[picture].Id, study.Pictures[picture].Class, preference,
                        1 + person);
                }
            }
        }
    }
}
