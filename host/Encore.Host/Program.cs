Console.WriteLine("encore-host");
