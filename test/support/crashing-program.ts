import { TransactionProducer } from '../../lib/index'

/**
 * A program that sends half messages and never ends their transactions: `NAMESRV TOPIC GROUP BODY...`. It prints a line for
 * each, `executing BODY`, while its local transaction runs, and stays until it is killed.
 */
async function main([namesrvAddr = '', topic = '', group = '', ...bodies]: readonly string[]): Promise<void> {
  const producer = new TransactionProducer({
    namesrvAddr,
    producerGroup: group,
    transactionListener: {
      executeLocalTransaction: ({ body }) => {
        process.stdout.write(`executing ${String(body)}\n`)
        return new Promise(() => undefined)
      },
      checkLocalTransaction: () => 'UNKNOW',
    },
  })
  await producer.start()
  await Promise.all(bodies.map(body => producer.sendInTransaction({ topic, body }, undefined, { timeoutMs: 20_000 })))
}

void main(process.argv.slice(2))
