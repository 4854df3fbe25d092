import { join } from 'node:path'
import { packageRoot } from '../../test/support/package-root'
import type { ProgramCommand } from '../child-program'
import { type Builder, builtPeer } from './built-peer'

const CURE = 'Install Node.js with npm, or leave ali-ons out of --drivers.'

/** The driver of ali-ons, which npm installs; the last but one argument tells it where. */
export async function aliOnsProgram(builder: Builder, nodeOptions: readonly string[]): Promise<ProgramCommand> {
  const args = ['install', '--omit=dev', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund']
  const folder = await builtPeer(builder, { program: 'npm', args, cure: CURE })
  const root = packageRoot()
  const driver = join(root, 'bench/peers/ali-ons/driver.ts')
  return {
    name: 'ali-ons',
    file: process.execPath,
    args: [...nodeOptions, join(root, 'scripts/ts.mjs'), driver, folder],
  }
}
