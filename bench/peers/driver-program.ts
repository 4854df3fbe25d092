import { type ProgramCommand, nodeProgram } from '../child-program'
import type { DriverName } from '../scenarios'

export interface ProgramOptions {
  readonly nodeOptions: readonly string[]
  /** Told what is being built. */
  readonly say: (line: string) => void
}

/** How a driver is started; other clients are built first, where the cache has none of this version. */
export async function driverProgram(name: DriverName, { nodeOptions }: ProgramOptions): Promise<ProgramCommand> {
  switch (name) {
    case 'ours':
    case 'ceiling':
      return nodeProgram(name, nodeOptions)
    default:
      throw new Error(`no driver for ${name} yet`)
  }
}
