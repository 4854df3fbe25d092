import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../test/support/package-root'

interface Packed {
  readonly filename: string
  readonly unpackedSize: number
}

/** The package as users install it, packed and unpacked again with its dependencies, in a folder of its own. */
export class InstalledPackage {
  /** A project that has it in its node_modules. */
  readonly project: string
  /** Bytes of its files. */
  readonly ownBytes: number
  /** Bytes of the packages that it needs, by name. */
  readonly dependencyBytes: Readonly<Record<string, number>>

  constructor() {
    this.project = mkdtempSync(join(tmpdir(), 'rocketwire-startup-'))
    const root = packageRoot()
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', this.project]
    const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'ignore']
    const [packed] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio })) as [Packed]
    const folder = join(this.project, 'node_modules/rocketwire')
    mkdirSync(folder, { recursive: true })
    execFileSync('tar', ['-xzf', join(this.project, packed.filename), '--strip-components=1', '-C', folder])
    this.ownBytes = packed.unpackedSize
    const names = dependenciesOf(folder)
    this.dependencyBytes = Object.fromEntries([...names].map(name => [name, this.#copy(root, name)]))
  }

  remove(): void {
    rmSync(this.project, { recursive: true })
  }

  #copy(root: string, name: string): number {
    const copy = join(this.project, 'node_modules', name)
    cpSync(join(root, 'node_modules', name), copy, { recursive: true })
    return readdirSync(copy, { recursive: true, encoding: 'utf8' })
      .map(file => statSync(join(copy, file)))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)
  }
}

/** Names of all packages that one needs to run, and that those need. */
function dependenciesOf(folder: string, found = new Set<string>()): Set<string> {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  for (const name of Object.keys(dependencies)) {
    if (found.has(name)) continue
    found.add(name)
    dependenciesOf(join(packageRoot(), 'node_modules', name), found)
  }
  return found
}
