import { api } from "encore.dev/api";

interface Playlist {
  /**
   * @minItems 1
   * @maxItems 100
   * @uniqueItems
   */
  songs: string[];
  /** @uniqueItems true */
  tags: readonly string[];
  /** @uniqueItems false */
  history: string[];
  /** @maxItems 3 */
  grid: number[][];
  /** @minItems 2 */
  people?: Array<{ name: string }>;
  /** @minItems 1 */
  maybe: string[] | null;
}
export const save = api({ method: "PUT", path: "/playlists" }, async (playlist: Playlist): Promise<Playlist> => playlist);
