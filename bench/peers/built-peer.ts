import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, readFile, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../lib/runtime/clock'
import { cacheRoot, cachedFolder } from '../../test/contract/real/cache-folder'
import { mustRun } from '../../test/contract/real/run-command'

/** What a client is built from. */
export interface Builder {
  readonly name: string
  /** Folder of the driver's sources, which name the version of the client, too. */
  readonly sources: string
  /** Told what is being built. */
  readonly say: (line: string) => void
}

export interface BuildStep {
  /** What is run in a copy of the sources, and becomes the built client. */
  readonly program: string
  readonly args: readonly string[]
  /** What to do where it is not installed. */
  readonly cure: string
}

/** The first build downloads the client and all that it needs. */
const BUILD_MS = 600_000
/** Builds are removed that were not used for so long. */
const KEPT_MS = 24 * 60 * 60 * 1000

/**
 * The folder of a built client: a copy of the sources in which `step` was run, made when it is first asked for. A build that
 * is interrupted leaves none.
 */
export async function builtPeer(builder: Builder, step: BuildStep, root = cacheRoot()): Promise<string> {
  const { name, sources, say } = builder
  const peers = join(root, 'bench-peers')
  const version = `${name}-${await hashOf(sources)}`
  if (!existsSync(join(peers, version))) say(`building ${name}, once for this version of it`)
  const folder = await cachedFolder(version, unfinished => build(builder, unfinished, step), peers)
  const now = systemClock.now() / 1000
  await utimes(folder, now, now)
  await removeUnused(peers)
  return folder
}

async function build(builder: Builder, folder: string, { program, args, cure }: BuildStep): Promise<void> {
  const { name, sources, say } = builder
  await cp(sources, folder, { recursive: true })
  try {
    await mustRun(program, args, { cwd: folder, timeoutMs: BUILD_MS, cure })
  } catch (error) {
    // The error becomes a note in the results; what the tool printed is for who looks on.
    const [reason = '', ...printed] = (error instanceof Error ? error.message : String(error)).split('\n')
    if (printed.length > 0) say(`${printed.join('\n')}\nthe first build of ${name} needs the network`)
    throw new Error(`${name} could not be built: ${reason}`, { cause: error })
  }
}

/** Changes with the name and the text of each file below the folder. */
export async function hashOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const hash = createHash('sha256')
  for (const file of files.sort()) {
    const text = await readFile(file)
    hash.update(`${file.slice(folder.length)} ${text.length} `).update(text)
  }
  return hash.digest('hex').slice(0, 12)
}

async function removeUnused(peers: string): Promise<void> {
  for (const name of await readdir(peers)) {
    const folder = join(peers, name)
    const used = await stat(folder).catch(() => undefined)
    if (used !== undefined && systemClock.now() - used.mtimeMs > KEPT_MS)
      await rm(folder, { recursive: true, force: true })
  }
}
