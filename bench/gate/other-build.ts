import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { cacheRoot, cachedFolder } from '../../test/contract/real/cache-folder'
import { packageRoot } from '../../test/support/package-root'
import { systemClock } from '../../lib/runtime/clock'
import { isBuild } from '../micro/micro-case'
import { placeModules } from './modules'
import { WrongUse } from '../script'

/** The build that this one is compared with. */
export interface OtherBuild {
  readonly title: string
  readonly folder: string
}

/** Builds that are kept; the others were used longer ago. */
const KEPT_BUILDS = 4
const COMMIT_FOLDER = /^[0-9a-f]{40}$/

/** Finds the build in a folder, or makes that of a commit; throws WrongUse where there is no such thing. */
export async function otherBuild(against: string | undefined, say: (line: string) => void): Promise<OtherBuild> {
  if (against !== undefined && existsSync(against)) {
    if (!isBuild(against)) throw new WrongUse(`${against} holds no build: there is no dist/index.js`)
    return { title: against, folder: resolve(against) }
  }
  const name = against ?? lastRelease()
  const commit = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`)
  if (commit === undefined) throw new WrongUse(`${name} is neither a commit nor a folder`)
  const folder = await builtCommit(commit, say)
  return { title: commit.startsWith(name) ? commit.slice(0, 12) : `${name} (${commit.slice(0, 12)})`, folder }
}

/** The one before this commit, which may be a release itself. */
function lastRelease(): string {
  const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*', 'HEAD^')
  if (tag === undefined) throw new WrongUse('there is no release tag to compare with: name a commit with --against')
  return tag
}

async function builtCommit(commit: string, say: (line: string) => void): Promise<string> {
  const root = packageRoot()
  const cache = join(cacheRoot(), 'bench')
  const fill = async (unfinished: string): Promise<void> => {
    say(`building ${commit.slice(0, 12)} into ${cache}`)
    const archive = join(unfinished, 'archive.tar')
    execFileSync('git', ['archive', '--format=tar', '-o', archive, commit], { cwd: root })
    execFileSync('tar', ['-xf', archive], { cwd: unfinished })
    rmSync(archive)
    placeModules(unfinished, root, say)
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: unfinished, stdio: 'inherit' })
  }
  const folder = await cachedFolder(commit, fill, cache)
  placeModules(folder, root, say)
  const now = new Date(systemClock.now())
  utimesSync(folder, now, now)
  removeOld(cache)
  return folder
}

/** Keeps the builds that were used last. */
export function removeOld(cache: string, kept: number = KEPT_BUILDS): void {
  const builds = readdirSync(cache).filter(name => COMMIT_FOLDER.test(name))
  const usedAt = new Map(builds.map(name => [name, statSync(join(cache, name)).mtimeMs]))
  const oldest = builds.sort((a, b) => (usedAt.get(b) ?? 0) - (usedAt.get(a) ?? 0)).slice(kept)
  for (const name of oldest) rmSync(join(cache, name), { recursive: true, force: true })
}

/** What git says, or undefined where it fails. */
function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, {
      cwd: packageRoot(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return undefined
  }
}
