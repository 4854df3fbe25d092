import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where downloads and compiled helpers are kept: `ROCKETWIRE_CACHE`, else the user's own cache folder. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return env.ROCKETWIRE_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rocketwire')
}

/**
 * The folder `name` of the cache, filled by `fill` on first use. It appears whole or not at all: it is filled under
 * another name and renamed, and where two processes fill it at once the first one wins.
 */
export async function cachedFolder(
  name: string,
  fill: (folder: string) => Promise<void>,
  root = cacheRoot(),
): Promise<string> {
  const folder = join(root, name)
  if (existsSync(folder)) return folder
  await mkdir(dirname(folder), { recursive: true })
  const unfinished = await mkdtemp(`${folder}.`)
  try {
    await fill(unfinished)
    await rename(unfinished, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}
