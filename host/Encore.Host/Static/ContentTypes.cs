using System.Collections.Frozen;

namespace Encore.Host.Static;

/// <summary>Content types by file extension: those that browsers act upon, and the common ones beside them (IANA's registry).</summary>
internal static class ContentTypes
{
    private const string Unknown = "application/octet-stream";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8", [".htm"] = "text/html; charset=utf-8", [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8", [".mjs"] = "text/javascript; charset=utf-8", [".cjs"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json", [".map"] = "application/json", [".webmanifest"] = "application/manifest+json", [".jsonld"] = "application/ld+json",
        [".txt"] = "text/plain; charset=utf-8", [".md"] = "text/markdown; charset=utf-8", [".csv"] = "text/csv; charset=utf-8",
        [".xml"] = "text/xml; charset=utf-8", [".xhtml"] = "application/xhtml+xml", [".rss"] = "application/rss+xml", [".atom"] = "application/atom+xml",
        [".yaml"] = "application/yaml", [".yml"] = "application/yaml", [".toml"] = "application/toml", [".ics"] = "text/calendar; charset=utf-8",
        [".vtt"] = "text/vtt; charset=utf-8", [".wasm"] = "application/wasm", [".pdf"] = "application/pdf",
        [".svg"] = "image/svg+xml", [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif",
        [".webp"] = "image/webp", [".avif"] = "image/avif", [".ico"] = "image/x-icon", [".bmp"] = "image/bmp", [".tif"] = "image/tiff",
        [".tiff"] = "image/tiff", [".apng"] = "image/apng", [".heic"] = "image/heic", [".jxl"] = "image/jxl",
        [".woff"] = "font/woff", [".woff2"] = "font/woff2", [".ttf"] = "font/ttf", [".otf"] = "font/otf", [".eot"] = "application/vnd.ms-fontobject",
        [".mp3"] = "audio/mpeg", [".m4a"] = "audio/mp4", [".ogg"] = "audio/ogg", [".oga"] = "audio/ogg", [".opus"] = "audio/ogg",
        [".wav"] = "audio/wav", [".flac"] = "audio/flac", [".aac"] = "audio/aac", [".weba"] = "audio/webm",
        [".mp4"] = "video/mp4", [".m4v"] = "video/mp4", [".webm"] = "video/webm", [".ogv"] = "video/ogg", [".mov"] = "video/quicktime",
        [".zip"] = "application/zip", [".gz"] = "application/gzip", [".br"] = Unknown, [".zst"] = "application/zstd", [".tar"] = "application/x-tar",
        [".bz2"] = "application/x-bzip2", [".xz"] = "application/x-xz", [".7z"] = "application/x-7z-compressed", [".rtf"] = "application/rtf",
        [".epub"] = "application/epub+zip", [".gltf"] = "model/gltf+json", [".glb"] = "model/gltf-binary",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>A file's type by its name.</summary>
    public static string Of(string path) => Types.GetValueOrDefault(Path.GetExtension(path), Unknown);
}
