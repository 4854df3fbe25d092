import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Trace } from '../../lib/index'
import { killWithParent } from '../contract/real/child-reaper'
import { contractTarget } from '../contract/real/target'
import { Books } from '../support/books'
import { describeOwnCluster } from '../support/cluster'
import { packageRoot } from '../support/package-root'
import { answered } from '../support/until'

/** Real brokers look at half messages in a loop that takes a second and more. */
const isReal = contractTarget() !== undefined
/** Far more than are checked at a time. */
const TRANSACTIONS = 60
const PACE = {
  transactionTimeOutMs: isReal ? 2000 : 100,
  transactionCheckIntervalMs: isReal ? 1000 : 50,
  transactionCheckMax: 15,
}

describeOwnCluster('transactions that have no end', PACE, cluster => {
  cluster.it(
    'fault 20: because their process was killed are ended by another one of its group, each as it was decided',
    async site => {
      const topic = await site.freshTopic(2)
      const producerGroup = site.freshGroup()
      const books = new Books(site)
      await site.consumer(topic, {}, books.take)
      const bodies = ['good 1', 'bad 1', 'good 2', 'bad 2', 'good 3']
      const args = [
        'scripts/ts.mjs',
        'test/support/crashing-program.ts',
        site.namesrvAddr,
        topic,
        producerGroup,
        ...bodies,
      ]
      const child = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'inherit'] })
      killWithParent(child)
      const ended = once(child, 'close')
      const executing = new Set<string>()
      createInterface({ input: child.stdout }).on('line', line => {
        executing.add(line)
        site.changes.notify()
      })
      await site.until(() => executing.size === bodies.length, { what: () => `5 half messages, not ${executing.size}` })
      child.kill('SIGKILL')
      expect((await ended)[1]).toBe('SIGKILL')

      const asked: string[] = []
      const ids: string[] = []
      const other = await site.transactionProducer({
        producerGroup,
        topics: [topic],
        trace: true,
        transactionListener: {
          executeLocalTransaction: () => 'UNKNOW',
          checkLocalTransaction: message => {
            asked.push(message.text())
            ids.push(message.msgId)
            return message.text().startsWith('good') ? 'COMMIT_MESSAGE' : 'ROLLBACK_MESSAGE'
          },
        },
      })
      await site.until(() => bodies.every(body => asked.includes(body)), { what: () => `checks, not ${asked.join()}` })
      // The bad ones count as sent by nobody.
      for (const body of bodies.filter(each => each.startsWith('good'))) books.committed(body)
      await books.complete()
      await other.shutdown()
      await books.tell(20, 'a producer is killed between half message and end')
      const admin = await site.admin()
      const [msgId] = ids as [string]
      const traces = await answered<Trace[]>(
        () => admin.queryMessageTrace(msgId),
        found => found.length >= 1,
        { what: 'the trace of an end' },
      )
      const transactionState = asked[0]?.startsWith('good') === true ? 'COMMIT_MESSAGE' : 'ROLLBACK_MESSAGE'
      expect(traces[0]).toMatchObject({ type: 'EndTransaction', topic, fromTransactionCheck: true, transactionState })
    },
  )
  cluster.it('fault 20: because listeners throw are asked about in a storm, and end as it was decided', async site => {
    const topic = await site.freshTopic(2)
    const books = new Books(site)
    await site.consumer(topic, {}, books.take)
    const asked = new Map<string, number>()
    const producer = await site.transactionProducer({
      transactionListener: {
        executeLocalTransaction: () => {
          throw new Error('no database')
        },
        checkLocalTransaction: message => {
          const body = message.text()
          const times = (asked.get(body) ?? 0) + 1
          asked.set(body, times)
          site.changes.notify()
          if (times === 1) throw new Error('still no database')
          return body.startsWith('good') ? 'COMMIT_MESSAGE' : 'ROLLBACK_MESSAGE'
        },
      },
    })
    const bodies = Array.from({ length: TRANSACTIONS }, (_, index) => `${index % 2 === 0 ? 'good' : 'bad'} ${index}`)
    for (const body of bodies.filter(each => each.startsWith('good'))) books.committed(body)
    await Promise.all(bodies.map(body => producer.sendInTransaction({ topic, body })))
    const isDone = (): boolean => bodies.every(body => (asked.get(body) ?? 0) > 1)
    await site.until(isDone, { what: () => `2 checks of each of ${TRANSACTIONS}, not ${asked.size}` })
    const checks = [...asked.values()].reduce((sum, times) => sum + times, 0)
    await books.tell(20, 'a storm of checks, and listeners that throw', { also: `${checks} checks` })
  })
})
