const MIB = 1024 * 1024;

/** Bounds on what is read of a bundle: six times what Kthena's own takes, and nothing that could exhaust a machine. */
export const BUNDLE_LIMITS = {
  archiveBytes: 4 * MIB,
  unpackedBytes: 4 * MIB,
  /** Of unpacked to packed; texts come to 15. */
  ratio: 100,
  entries: 500,
  pathBytes: 200,
  pathDepth: 6,
  fileBytes: MIB,
} as const;

/** `8 MiB`, `4 KiB`. */
export function bytesText(bytes: number): string {
  return bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / 1024} KiB`;
}
