namespace Forensics.Local;

/// <summary>
/// The words after a task's name. A task takes what it knows, then calls <see cref="RejectTheRest"/>, so that nothing
/// is ever silently ignored.
/// </summary>
internal sealed class TaskArguments(params IEnumerable<string> words)
{
    private readonly List<string> _words = [.. words];

    /// <summary>Takes an option without a value, such as <c>--unit</c>.</summary>
    /// <returns>Whether it was given.</returns>
    public bool TakeFlag(string name) => _words.RemoveAll(word => word == name) > 0;

    /// <summary>Takes an option with a value: <c>--base IMAGE</c> or <c>--base=IMAGE</c>.</summary>
    /// <returns>Null if it was not given.</returns>
    public string? TakeValue(string name)
    {
        var index = _words.FindIndex(word => word == name || word.StartsWith(name + "=", StringComparison.Ordinal));
        if (index < 0) return null;
        var word = _words[index];
        _words.RemoveAt(index);
        if (word != name) return word[(name.Length + 1)..];
        if (index >= _words.Count || _words[index].StartsWith("--", StringComparison.Ordinal))
            throw new UsageException($"{name} needs a value.");
        var value = _words[index];
        _words.RemoveAt(index);
        return value;
    }

    /// <summary>Takes the next word that is not an option.</summary>
    /// <returns>Null if there is none.</returns>
    public string? TakeWord()
    {
        var index = _words.FindIndex(word => !word.StartsWith('-'));
        if (index < 0) return null;
        var word = _words[index];
        _words.RemoveAt(index);
        return word;
    }

    /// <exception cref="UsageException">Something is left that nobody took.</exception>
    public void RejectTheRest()
    {
        if (_words.Count > 0) throw new UsageException($"Unknown here: {string.Join(' ', _words)}");
    }
}
