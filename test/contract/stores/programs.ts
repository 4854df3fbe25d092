import { accessSync, constants } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { mustRun } from '../real/run-command'
import { debianFiles } from './debian-packages'

/** Where the programs of a server are. */
export interface Programs {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  /** For messages: how they came here. */
  readonly origin: string
}

/** Debian keeps the programs of each version of PostgreSQL apart. */
const POSTGRESQL = 'usr/lib/postgresql'

/** The programs of these names as they are installed, else from a Debian package. Rejects where they do not run. */
export async function findPrograms(names: readonly string[], debianPackage: string): Promise<Programs> {
  const installed = [...(process.env.PATH ?? '').split(delimiter), ...(await versionsBelow('/'))]
  const folder = installed.find(each => hasAll(each, names))
  if (folder !== undefined) return { folder, env: process.env, origin: `installed in ${folder}` }
  const root = await debianFiles(debianPackage)
  const unpacked = [join(root, 'usr/bin'), ...(await versionsBelow(root))].find(each => hasAll(each, names))
  if (unpacked === undefined) throw new Error(`the package ${debianPackage} has no ${names.join(', ')}`)
  const programs = { folder: unpacked, env: await withLibraries(root), origin: `Debian's ${debianPackage}` }
  for (const name of names) await mustRun(join(unpacked, name), ['--version'], { env: programs.env })
  return programs
}

/** The newest version first. */
async function versionsBelow(root: string): Promise<string[]> {
  const versions = await readdir(join(root, POSTGRESQL)).catch((): string[] => [])
  return versions.toSorted((a, b) => Number(b) - Number(a)).map(version => join(root, POSTGRESQL, version, 'bin'))
}

function hasAll(folder: string, names: readonly string[]): boolean {
  try {
    for (const name of names) accessSync(join(folder, name), constants.X_OK)
    return folder !== ''
  } catch {
    return false
  }
}

async function withLibraries(root: string): Promise<NodeJS.ProcessEnv> {
  const folders = await readdir(join(root, 'usr/lib')).catch((): string[] => [])
  const libraries = folders.filter(name => name.includes('-linux-')).map(name => join(root, 'usr/lib', name))
  return { ...process.env, LD_LIBRARY_PATH: libraries.join(delimiter) }
}
