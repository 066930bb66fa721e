package io.lockstep.training;

import java.util.Arrays;

/** Who is told what a shard publishes; may change while it does. */
final class ShardSubscribers implements ShardSubscriber {

  private volatile ShardSubscriber[] subscribers = {};

  synchronized void add(ShardSubscriber subscriber) {
    ShardSubscriber[] more = Arrays.copyOf(subscribers, subscribers.length + 1);
    more[more.length - 1] = subscriber;
    subscribers = more;
  }

  synchronized void remove(ShardSubscriber subscriber) {
    subscribers =
        Arrays.stream(subscribers).filter(s -> s != subscriber).toArray(ShardSubscriber[]::new);
  }

  @Override
  public void published(int bucket, long version, int plan, float[] theta, int at) {
    for (ShardSubscriber subscriber : subscribers) {
      subscriber.published(bucket, version, plan, theta, at);
    }
  }

  @Override
  public void begins(long version, int plan) {
    for (ShardSubscriber subscriber : subscribers) {
      subscriber.begins(version, plan);
    }
  }

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    for (ShardSubscriber subscriber : subscribers) {
      subscriber.evaluated(evaluation, version);
    }
  }
}
