import { join } from 'node:path'
import type * as Emulated from '../../lib/emulator/index'
import type * as Rocketwire from '../../lib/index'

/** The built package in a folder, as users load it. */
export function loadLibrary(folder: string): typeof Rocketwire {
  return require(folder) as typeof Rocketwire
}

/** The built emulator of the package in a folder. */
export function loadEmulator(folder: string): typeof Emulated {
  return require(join(folder, 'dist/emulator')) as typeof Emulated
}
