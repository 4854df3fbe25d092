import { buildSync } from 'esbuild'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './package-root'

/** Compiles `lib/wire/codec-worker.ts` into one file, which a thread can run, and returns its path. */
export function compiledCodecWorker(): string {
  const folder = join(packageRoot(), 'node_modules', '.cache', 'rocketwire')
  const outfile = join(folder, `codec-worker-${process.pid}.cjs`)
  mkdirSync(folder, { recursive: true })
  const entryPoints = [join(packageRoot(), 'lib', 'wire', 'codec-worker.ts')]
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs', packages: 'external' })
  return outfile
}
