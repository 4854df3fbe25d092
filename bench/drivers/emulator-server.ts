import { loadEmulator } from './load-library'
import { runProgram } from './program'

/** Enough for what one run sends. */
const STORE_BYTES = 4 * 1024 * 1024 * 1024

/** The emulator in a process of its own; asked for nothing, it only serves. */
runProgram(async ({ library }: { library: string }) => {
  const emulator = await loadEmulator(library).Emulator.start({ maxStoreBytes: STORE_BYTES })
  return { told: emulator.namesrvAddr, answer: async () => undefined }
})
