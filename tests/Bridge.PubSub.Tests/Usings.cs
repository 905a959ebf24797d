global using Bridge.Core.PubSub;
global using Xunit;
