import type fs from 'node:fs/promises'
import { codeOf, ignoreMissing } from '../../runtime/system-error'

/** What a spool does with files; `node:fs/promises` as it is. */
export type SpoolFs = Pick<
  typeof fs,
  | 'appendFile'
  | 'link'
  | 'mkdir'
  | 'open'
  | 'readFile'
  | 'readdir'
  | 'readlink'
  | 'rename'
  | 'rm'
  | 'stat'
  | 'truncate'
  | 'writeFile'
>

/** Not every system can force a folder, or has to. */
const CANNOT_SYNC_FOLDERS: ReadonlySet<unknown> = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'])

/** Makes names of files last that were made or removed in a folder. */
export async function syncFolder(files: SpoolFs, directory: string): Promise<void> {
  try {
    await syncPath(files, directory)
  } catch (error) {
    if (!CANNOT_SYNC_FOLDERS.has(codeOf(error))) throw error
  }
}

/** Forces what was written to a file, by whomever, to the disk. */
export async function syncPath(files: SpoolFs, path: string): Promise<void> {
  const handle = await files.open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Bytes of a file. Fewer than `size` where it ends before. */
export async function readPart(files: SpoolFs, path: string, place: { offset: number; size: number }): Promise<Buffer> {
  const handle = await files.open(path, 'r')
  try {
    const part = Buffer.alloc(place.size)
    const { bytesRead } = await handle.read(part, 0, place.size, place.offset)
    return part.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** The file's content; undefined where there is none. */
export function readIfThere(files: Pick<SpoolFs, 'readFile'>, path: string): Promise<Buffer | undefined> {
  return files.readFile(path).catch(ignoreMissing)
}
