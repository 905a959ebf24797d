import { test } from "not-installed";
