import { api } from "encore.dev/api";
import type { Integer, Max, Min, MultipleOf } from "encore.dev/validate";

type Port = number & (Integer & Min<1> & Max<65535>);
interface Setting {
  port: Port;
  ports: Port[];
  step: number & MultipleOf<0.25>;
  even: number & (Integer & MultipleOf<2>);
  wholeOrHalf: number & (Integer | MultipleOf<0.5>);
  grains: bigint & MultipleOf<10>;
  big: bigint & Integer;
  named: (number & Integer) | "auto";
}
export const set = api({ method: "PUT", path: "/settings" }, async (setting: Setting): Promise<Setting> => setting);
