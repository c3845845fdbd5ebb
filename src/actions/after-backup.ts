import { KthenaError } from '../errors.js';

/** Does what the backup was made for; where that fails, the error says where the backup is. */
export async function afterBackup<T>(backupFile: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (backupFile === undefined || !(error instanceof KthenaError)) throw error;
    const { code, message, details, hint } = error;
    throw new KthenaError(code, message, {
      details: [...details, `the backup is in ${backupFile}`],
      hint,
      cause: error,
    });
  }
}
