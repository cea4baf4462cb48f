using System.Buffers.Binary;
using System.Text;

namespace GradCamSharp.Fuzz;

/// <summary>Changes inputs. What comes out depends on the seed and the number of the input alone.</summary>
/// <param name="seeds">What is changed.</param>
/// <param name="words">Words of the format.</param>
/// <param name="seed">The seed.</param>
public sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<string> words, long seed)
{
    private const int MostChanges = 8, Largest = 1 << 20;
    private static readonly long[] Extremes =
    [
        0, 1, -1, 127, 128, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue,
        long.MinValue,
    ];

    private static readonly string[] Numbers =
    [
        "0", "-1", "1e308", "-1e999", "NaN", "2147483648", "9223372036854775808", "0.000000000000000000001", "null", "\"\"", "[]", "{}",
        "\\u0000",
    ];

    /// <summary>The input of a number.</summary>
    /// <param name="number">From 0 on; the first are the seeds themselves.</param>
    public byte[] Input(long number)
    {
        if (number < seeds.Count)
            return seeds[(int)number];
        var random = new Draws(seed, number);
        var bytes = new List<byte>(seeds[random.Below(seeds.Count)]);
        int changes = 1 + random.Below(MostChanges);
        for (int i = 0; i < changes; i++)
            Change(bytes, random);
        return [.. bytes.Take(Largest)];
    }

    private void Change(List<byte> bytes, Draws random)
    {
        int place = random.Below(bytes.Count + 1), length = Math.Min(1 + random.Below(1 << random.Below(8)), bytes.Count - place);
        switch (random.Below(11))
        {
            case 0 when place < bytes.Count:
                bytes[place] ^= (byte)(1 << random.Below(8));
                break;
            case 1 when place < bytes.Count:
                bytes[place] = (byte)random.Below(256);
                break;
            case 2 when length > 0:
                bytes.RemoveRange(place, length);
                break;
            case 3 when length > 0:
                bytes.InsertRange(random.Below(bytes.Count + 1), bytes.GetRange(place, length));
                break;
            case 4:
                bytes.RemoveRange(place, bytes.Count - place);
                break;
            case 5:
                Put(bytes, place, Extreme(random), isInserted: random.Below(4) == 0);
                break;
            case 6:
                bytes.InsertRange(place, Encoding.UTF8.GetBytes(Numbers[random.Below(Numbers.Length)]));
                break;
            case 7 when words.Count > 0:
                byte[] word = Encoding.UTF8.GetBytes(words[random.Below(words.Count)]);
                Put(bytes, place, word, isInserted: random.Below(2) == 0);
                break;
            case 8:
                byte[] other = seeds[random.Below(seeds.Count)];
                int from = random.Below(other.Length + 1);
                Put(bytes, place, other[from..Math.Min(other.Length, from + 1 + random.Below(256))], isInserted: random.Below(2) == 0);
                break;
            case 9 when length > 0:
                bytes.InsertRange(place, Enumerable.Repeat(bytes.GetRange(place, length), 1 << random.Below(8)).SelectMany(b => b));
                break;
            default:
                bytes.InsertRange(place, Enumerable.Range(0, 1 + random.Below(16)).Select(_ => (byte)random.Below(256)));
                break;
        }

        if (bytes.Count > Largest)
            bytes.RemoveRange(Largest, bytes.Count - Largest);
    }

    private static byte[] Extreme(Draws random)
    {
        byte[] bytes = new byte[8];
        long value = Extremes[random.Below(Extremes.Length)];
        if (random.Below(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        int width = 1 << random.Below(4);
        return BitConverter.IsLittleEndian ? bytes[..width] : bytes[^width..];
    }

    private static void Put(List<byte> bytes, int place, byte[] what, bool isInserted)
    {
        if (!isInserted)
            bytes.RemoveRange(place, Math.Min(what.Length, bytes.Count - place));
        bytes.InsertRange(place, what);
    }

    /// <summary>Output after output of SplitMix64.</summary>
    private sealed class Draws(long seed, long number)
    {
        private ulong state = Mix(((ulong)seed * 0x9E3779B97F4A7C15) + (ulong)number);

        public int Below(int bound) => (int)((UInt128)Next() * (ulong)bound >> 64);

        private ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

        private static ulong Mix(ulong z)
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
