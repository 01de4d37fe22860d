namespace Forensics.Controller.Informers;

/// <summary>Namespace and name of an object: all that ever travels on the queue.</summary>
internal readonly record struct ResourceKey(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
