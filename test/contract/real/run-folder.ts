import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A fresh folder; within that of the whole run, where the runner made one, so that nothing is left when it ends. */
export function makeRunFolder(name: string): Promise<string> {
  return mkdtemp(join(process.env.ROCKETWIRE_RUN_FOLDER ?? tmpdir(), `${name}-`))
}

/** Removes such a folder, also while a process that was just killed still lets go of its files. */
export function removeRunFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/** Calls `use` with a fresh folder that is removed afterwards. */
export async function withRunFolder<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeRunFolder(name)
  try {
    return await use(folder)
  } finally {
    await removeRunFolder(folder)
  }
}
