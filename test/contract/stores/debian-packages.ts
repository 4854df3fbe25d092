import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cachedFolder, cacheRoot } from '../real/cache-folder'
import { mustRun, runCommand } from '../real/run-command'

const DOWNLOAD_MS = 180_000

/**
 * A folder with the files of a Debian package and of what it needs and this system lacks, laid out as below `/`. apt downloads
 * them on first use; nothing is installed, and no root is needed. Rejects where there is no apt, or the package cannot be had.
 */
export function debianFiles(name: string): Promise<string> {
  return cachedFolder(`debian-${name}`, folder => unpack(name, folder), rootOfPrograms())
}

/** Servers that refuse to run as root must be able to read their programs, which a cache in root's home does not allow. */
function rootOfPrograms(): string {
  const ownCache = process.env.ROCKETWIRE_CACHE
  return ownCache === undefined && process.geteuid?.() === 0 ? '/var/cache/rocketwire' : cacheRoot()
}

async function unpack(name: string, folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'rocketwire-apt-'))
  try {
    const archives = join(work, 'archives')
    await mkdir(join(archives, 'partial'), { recursive: true })
    await mkdir(join(work, 'lists', 'partial'), { recursive: true })
    await download(name, work)
    for (const file of (await readdir(archives)).filter(each => each.endsWith('.deb'))) {
      await mustRun('dpkg-deb', ['--extract', join(archives, file), folder])
    }
    await chmod(folder, 0o755)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** By the lists of the system; where these are missing or old, by fresh ones. */
async function download(name: string, work: string): Promise<void> {
  const options = ['-o', `Dir::Cache=${work}`, '-o', 'Debug::NoLocking=true']
  const install = ['install', '--yes', '--no-install-recommends', '--download-only', name]
  const first = await runCommand('apt-get', [...options, ...install], { timeoutMs: DOWNLOAD_MS })
  if (first.code === 0) return
  const fresh = [...options, '-o', `Dir::State::Lists=${join(work, 'lists')}`]
  await mustRun('apt-get', [...fresh, 'update'], { timeoutMs: DOWNLOAD_MS })
  await mustRun('apt-get', [...fresh, ...install], { timeoutMs: DOWNLOAD_MS })
}
