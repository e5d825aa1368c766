package main

import (
	"context"
	"embed"
	"io/fs"
)

// storyFolder holds the policies of the story that are not in k8s/examples: all of the same name, in other versions.
//
//go:embed story/*.yaml
var storyFolder embed.FS

func storyPolicies() (fs.FS, error) {
	return fs.Sub(storyFolder, "story")
}

// scene is a part of the story: what happens, and what is to be seen in it.
type scene struct {
	title string
	toSee string
	moves []move
}

// move is one thing that somebody does: a command as it would be typed, or something done to the mesh.
type move struct {
	command string
	expect  expectation

	happens string // instead of a command, in words
	do      func(ctx context.Context, m *mesh) error
}

func types(command string, expect expectation) move {
	return move{command: command, expect: expect}
}

func happens(words string, do func(ctx context.Context, m *mesh) error) move {
	return move{happens: words, do: do}
}

// story plays in three clusters. It shows each answer that operators of a mesh get.
var story = []scene{
	{
		title: "A new policy is rolled out, one cluster after another",
		toSee: "Each is admitted; the warnings say which members do not have it, and count down.",
		moves: []move{
			types("kubectl --context cluster1 apply -f allow-cross-cluster.yaml", warned(missing("cluster2", "cluster3"))),
			types("kubectl --context cluster2 apply -f allow-cross-cluster.yaml", warned(missing("cluster3"))),
		},
	},
	{
		title: "Before it reaches cluster3, somebody applies an edited copy of the same name there",
		toSee: "The copy is refused, and the place where it differs is named. The original is admitted silently: all have it now.",
		moves: []move{
			types("kubectl --context cluster3 apply -f edited-in-cluster3.yaml",
				refused(`ingress[0].fromEndpoints[0].matchLabels["io.cilium.k8s.policy.cluster"]`, "cluster1", "cluster2")),
			types("kubectl --context cluster3 apply -f allow-cross-cluster.yaml", silent()),
		},
	},
	{
		title: "A change is rolled out: for c in cluster1 cluster2 cluster3; do kubectl --context $c apply -f metrics-too.yaml; done",
		toSee: "Each is admitted; the warnings say which members still have the previous version, and count down to silence.",
		moves: []move{
			types("kubectl --context cluster1 apply -f metrics-too.yaml", warned(previous("cluster2", "cluster3"))),
			types("kubectl --context cluster2 apply -f metrics-too.yaml", warned(previous("cluster3"))),
			types("kubectl --context cluster3 apply -f metrics-too.yaml", silent()),
		},
	},
	{
		title: "The author starts the next change in cluster1, notices a typo, and corrects it there at once",
		toSee: "Both are admitted: it does not matter that the others are two versions behind, and they may go straight to the last one.",
		moves: []move{
			types("kubectl --context cluster1 apply -f admin-mistyped.yaml", warned(previous("cluster2", "cluster3"))),
			types("kubectl --context cluster1 apply -f admin-too.yaml", warned(earlier("cluster2", "cluster3"))),
		},
	},
	{
		title: "While that rollout is in progress, somebody starts another",
		toSee: "That would be a fork, so it is refused: cluster1 has moved on. Going back to the version that the others have is admitted.",
		moves: []move{
			types("kubectl --context cluster2 apply -f debugger-too.yaml", refused("ingress[0].toPorts", "cluster1")),
			types("kubectl --context cluster1 apply -f metrics-too.yaml", silent()),
		},
	},
	{
		title: "Changes that do not affect the policy's rules",
		toSee: "All are admitted silently.",
		moves: []move{
			types("kubectl --context cluster2 label cnp allow-cross-cluster team=payments", silent()),
			types("kubectl --context cluster2 apply -f metrics-too.yaml", silent()),
			types("kubectl --context cluster2 apply --server-side -f metrics-too.yaml", silent()),
			types("kubectl --context cluster2 apply --dry-run=server -f metrics-too.yaml", silent()),
		},
	},
	{
		title: "The API server of cluster3 is down",
		toSee: "Changes are admitted elsewhere; the warning names the member that was not compared. Once it is back, cluster3 catches up.",
		moves: []move{
			happens("the API server of cluster3 stops", stopCluster3),
			types("kubectl --context cluster1 apply -f admin-too.yaml", warned(previous("cluster2"), notCompared("cluster3"))),
			types("kubectl --context cluster2 apply -f admin-too.yaml", warned(notCompared("cluster3"))),
			happens("the API server of cluster3 starts", startCluster3),
			types("kubectl --context cluster3 apply -f admin-too.yaml", silent()),
		},
	},
	{
		title: "The policy is deleted from one cluster",
		toSee: "Deleting is never refused; the warning says which members still have it.",
		moves: []move{
			types("kubectl --context cluster3 delete cnp allow-cross-cluster", warned(stillHeld("cluster1", "cluster2"))),
		},
	},
	{
		title: "While a rollout is in progress, the webhook of cluster3 is down, and somebody applies an edited copy there",
		toSee: "No webhook is called, so it is admitted. The webhook of cluster1 finds it within seconds, and says which members differ.",
		moves: []move{
			happens("the webhook of cluster1 hears from all its peers again", awaitPeers),
			types("kubectl --context cluster1 apply -f metrics-too.yaml", warned(previous("cluster2"), missing("cluster3"))),
			happens("the webhook of cluster3 stops", stopWebhook3),
			types("kubectl --context cluster3 apply -f edited-in-cluster3.yaml", silent()),
			happens("the webhook of cluster1 is asked what differs", showDrift),
			happens("the webhook of cluster3 starts", startWebhook3),
		},
	},
}

func stopCluster3(ctx context.Context, m *mesh) error {
	return m.order(ctx, "stop cluster3")
}

func startCluster3(ctx context.Context, m *mesh) error {
	return m.order(ctx, "start cluster3")
}

func stopWebhook3(ctx context.Context, m *mesh) error {
	return m.order(ctx, "stop-webhook cluster3")
}

func startWebhook3(ctx context.Context, m *mesh) error {
	return m.order(ctx, "start-webhook cluster3")
}
