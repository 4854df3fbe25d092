import { join } from 'node:path'
import { packageRoot } from '../../test/support/package-root'
import { type ProgramCommand, nodeProgram } from '../child-program'
import type { DriverName } from '../scenarios'
import { aliOnsProgram } from './ali-ons-program'
import { goProgram } from './go-program'
import { javaProgram } from './java-program'

export interface ProgramOptions {
  readonly nodeOptions: readonly string[]
  /** Told what is being built. */
  readonly say: (line: string) => void
}

/**
 * How a driver is started; other clients are built first, where the cache has none of this version. Rejects where that
 * fails, with what was missing.
 */
export async function driverProgram(name: DriverName, { nodeOptions, say }: ProgramOptions): Promise<ProgramCommand> {
  const peers = join(packageRoot(), 'bench/peers')
  switch (name) {
    case 'ours':
    case 'ceiling':
      return nodeProgram(name, nodeOptions)
    case 'ali-ons':
      return aliOnsProgram({ name, sources: join(peers, 'ali-ons/client'), say }, nodeOptions)
    case 'java':
      return javaProgram({ name, sources: join(peers, 'java'), say })
    case 'go':
      return goProgram({ name, sources: join(peers, 'go'), say })
  }
}
