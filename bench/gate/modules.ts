import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/** The part of a package-lock.json that says what is installed. */
export interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>
}

/** Whether all packages of one lock file are in another one, in the same versions. */
export function covers(whole: LockFile, part: LockFile): boolean {
  return Object.entries(part.packages).every(
    ([path, { version }]) => path === '' || whole.packages[path]?.version === version,
  )
}

/** Gives a folder the packages that it needs: a link to those of `root` where they are the same, else its own. */
export function placeModules(folder: string, root: string, say: (line: string) => void): void {
  const modules = join(folder, 'node_modules')
  const isLink = lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() === true
  if (existsSync(modules) && !isLink) return
  // What a former link leads to may be gone, or have been changed since.
  if (isLink) rmSync(modules)
  if (covers(lockOf(root), lockOf(folder))) {
    symlinkSync(join(root, 'node_modules'), modules, 'dir')
    return
  }
  say('installing the packages of the other build, which are others than here')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' })
}

function lockOf(folder: string): LockFile {
  return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as LockFile
}
