import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { MessageExt } from '../../lib/index'
import { randomBelow } from '../../lib/runtime/random'
import { killWithParent } from '../contract/real/child-reaper'
import { describeEmulatorOnly } from '../support/cluster'
import { tellFault } from '../support/fault-report'
import { copiesById, mostUnmarked, outboxLedger } from '../support/outbox-ledger'
import { packageRoot } from '../support/package-root'
import type { Site } from '../support/site'

/** Programs that share an outbox, one after another, and what they have told. */
class Programs {
  /** Ids of messages that a program has been told are stored or spooled. */
  readonly told = new Set<string>()
  spooled = 0
  readonly #site: Site
  readonly #args: readonly string[]
  #runs = 0

  constructor(site: Site, topic: string, directory: string) {
    this.#site = site
    this.#args = ['scripts/ts.mjs', 'test/support/outbox-program.ts', site.namesrvAddr, topic, directory]
  }

  /** Starts the next one, and kills it when the condition holds. */
  async killWhen(isTime: () => boolean, prepare?: () => Promise<void>): Promise<void> {
    const args = [...this.#args, String(this.#runs++)]
    const child: ChildProcess = spawn(process.execPath, args, {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    killWithParent(child)
    const ended = once(child, 'close')
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', line => this.#take(line))
    await prepare?.()
    await this.#site.until(isTime, { what: () => `the time of a kill; ${this.spooled} were spooled` })
    child.kill('SIGKILL')
    expect((await ended)[1]).toBe('SIGKILL')
  }

  #take(line: string): void {
    const [status, msgId] = line.split(' ')
    if (status === 'SPOOLED') this.spooled++
    if (msgId !== undefined) this.told.add(msgId)
    this.#site.changes.notify()
  }
}

describeEmulatorOnly('a process with an outbox that is killed at any time', cluster => {
  cluster.it('fault 26: has lost nothing that it was told is spooled, and what comes twice is marked', async site => {
    const [topic, directory] = [await site.freshTopic(2), await site.freshFolder()]
    const { inbox } = await site.reader(topic)
    const [broker] = site.brokers
    const programs = new Programs(site, topic, directory)
    await broker?.stop()
    await programs.killWhen(() => programs.spooled >= 20 + randomBelow(40))
    const before = programs.spooled
    await programs.killWhen(
      () => inbox.messages.length >= 10 + randomBelow(20),
      async () => {
        await site.until(() => programs.spooled > before + 20, { what: 'messages of the second program' })
        await broker?.restart()
      },
    )
    const seen = inbox.messages.length
    await programs.killWhen(() => inbox.messages.length > seen + 5 + randomBelow(20))

    const last = await site.producer({ outbox: { directory } })
    const missing = (): string[] => outboxLedger(programs.told, inbox.messages).lost
    await site.until(() => missing().length === 0, { what: () => `all that was told; ${missing().length} are missing` })
    await last.shutdown()
    expect(mostUnmarked(inbox.messages)).toBe(1)
    const ledger = outboxLedger(programs.told, inbox.messages)
    tellFault(site, {
      row: 26,
      fault: 'a process with an outbox is killed, three times',
      ledger,
      also: 'those are marked',
    })
    const copies = [...copiesById(inbox.messages).values()]
    // Of each key: program after program, number after number.
    for (const key of ['a', 'b', 'c']) {
      const firsts = copies.map(all => (all[0] as MessageExt).text().split(' ')).filter(([of]) => of === key)
      const places = firsts.map(([, run, number]) => Number(run) * 1e6 + Number(number))
      expect(places).toEqual([...places].sort((a, b) => a - b))
    }
  })
})
