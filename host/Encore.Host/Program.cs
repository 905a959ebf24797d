using Encore.Host.Commands;

return await CommandLine.RunAsync(args);
