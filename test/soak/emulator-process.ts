import { Emulator } from '../../lib/emulator/index'
import { systemClock } from '../../lib/runtime/clock'
import type { EmulatorMessage, EmulatorOrder } from './servers'

const DOWN_MS = 2000

async function main(): Promise<void> {
  const emulator = await Emulator.start({ brokers: 2 })
  const say = (message: EmulatorMessage): void => void process.send?.(message)
  process.on('message', ({ restart }: EmulatorOrder) => void restartBroker(restart))
  process.once('disconnect', () => void emulator.shutdown())
  say({ namesrvAddr: emulator.namesrvAddr })

  async function restartBroker(index: number): Promise<void> {
    await emulator.brokers[index]?.stop()
    await systemClock.sleep(DOWN_MS)
    await emulator.brokers[index]?.start()
    say({ restarted: index })
  }
}

void main()
