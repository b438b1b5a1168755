import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Keeps the bytes of fetched images by their SHA-256, in hexadecimal. */
export interface ImageStore {
  put(sha256: string, bytes: Buffer): void;
  /** @throws Error if no image with this hash was ever put */
  get(sha256: string): Buffer;
}

/** Images that end with the process. */
export function imagesInMemory(): ImageStore {
  const images = new Map<string, Buffer>();
  return {
    put: (sha256, bytes) => images.set(sha256, bytes),
    get: (sha256) => {
      const bytes = images.get(sha256);
      if (bytes === undefined) throw new Error(`no image ${sha256}`);
      return bytes;
    },
  };
}

/** Images in a folder, which is made when it is missing. An image is whole on disk before `put` returns. */
export function imagesInFolder(folder: string): ImageStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    put: (sha256, bytes) => {
      const path = join(folder, sha256);
      writeFileSync(`${path}.part`, bytes, { mode: 0o600 });
      renameSync(`${path}.part`, path);
    },
    get: (sha256) => readFileSync(join(folder, sha256)),
  };
}
