import * as client from 'prom-client'
import { prometheusMetrics } from '../../lib/integrations/prometheus/index'
import { describeScenario } from '../support/cluster'

describeScenario('metrics by Prometheus', cluster => {
  cluster.it('are in the registry, under names that Prometheus likes; gauges go with their client', async site => {
    const register = new client.Registry()
    const metrics = prometheusMetrics({ client, register, prefix: 'shop_' })
    const topic = await site.freshTopic(1)
    const [producer, { inbox, consumer }] = await Promise.all([
      site.producer({ metrics }),
      site.reader(topic, { metrics }),
    ])
    await producer.send({ topic, body: 'm' })
    await expect(producer.send({ topic, body: '' })).rejects.toThrow()
    await inbox.first(1)
    const running = await register.metrics()
    const sent = `messaging_system_name="rocketmq",messaging_operation_name="send",messaging_operation_type="send",messaging_destination_name="${topic}"`
    expect(running).toContain(`shop_messaging_client_sent_messages_total{${sent}} 1`)
    expect(running).toContain(`shop_messaging_client_sent_messages_total{${sent},error_type="INVALID_MESSAGE"} 1`)
    expect(running).toContain(`shop_messaging_client_operation_duration_seconds_bucket{le="+Inf",${sent}} 1`)
    expect(running).toMatch(new RegExp(`^shop_rocketwire_consumer_lag\\{.*"${topic}"\\} \\d+$`, 'm'))
    expect(running).toMatch(/^shop_rocketwire_producer_in_flight_size_bytes\{.*\} 0$/m)
    await Promise.all([consumer.shutdown(), producer.shutdown()])
    const after = await register.metrics()
    expect(after).toMatch(/^shop_messaging_process_duration_seconds_count\{.*messaging_consumer_group_name=.*\} 1$/m)
    expect(after).not.toMatch(/^shop_rocketwire_client_connections\{/m)
  })

  cluster.it('refuse a registry that has them already', () => {
    const register = new client.Registry()
    prometheusMetrics({ client, register })
    expect(() => prometheusMetrics({ client, register })).toThrow('already been registered')
    return Promise.resolve()
  })
})
