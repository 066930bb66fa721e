package io.lockstep.cluster.launch;

import java.util.List;
import java.util.Map;

/**
 * How to start the process of a node.
 *
 * @param name of the node
 * @param words of the command line
 * @param environment of the process beyond this one's own
 */
public record NodeCommandLine(String name, List<String> words, Map<String, String> environment) {}
