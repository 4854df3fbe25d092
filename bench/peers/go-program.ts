import { join } from 'node:path'
import type { ProgramCommand } from '../child-program'
import { type Builder, builtPeer } from './built-peer'

const CURE = 'Install Go (1.21 or newer), or leave go out of --drivers.'

/** The driver of the Go client. */
export async function goProgram(builder: Builder): Promise<ProgramCommand> {
  const args = ['build', '-trimpath', '-buildvcs=false', '-o', 'driver', '.']
  const folder = await builtPeer(builder, { program: 'go', args, cure: CURE })
  return { name: 'go', file: join(folder, 'driver'), args: [] }
}
