using CsCheck;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Tests.Fakes;
using k8s.Autorest;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>Anything may happen in any order: crashes, conflicts, caches that stand still, agents that come, end and vanish, people
/// who delete and edit. What must hold, holds all the way and at the end.</summary>
public sealed class InterleavingPropertyTests
{
    [Test]
    public Task Whatever_happens_in_whatever_order_one_agent_works_and_the_end_is_true_and_final() =>
        Gen.Int[0, Happenings.Count - 1].Array[1, 40].SampleAsync(
            async steps =>
            {
                var play = new Happenings();
                foreach (var step in steps)
                {
                    await play.DoAsync(step);
                    play.CheckInvariants();
                }

                await play.CalmDownAsync();
            },
            iter: 3000);

    private sealed class Happenings
    {
        private readonly CaptureWorld _world = new();
        private readonly HashSet<string> _jobsWithAgents = [];
        private string? _final;
        private bool _saidSuccess;

        // True once something happened that may keep a success from becoming Complete.
        private bool _spoiled;

        public Happenings() => _world.Apply();

        public const int Count = 19;

        private InMemoryCluster Cluster => _world.Cluster;

        public Task DoAsync(int step)
        {
            switch (step)
            {
                case 0 or 1 or 2: return ReconcileAsync();
                case 3: return ReconcileAfterAsync(TimeSpan.FromSeconds(11));
                case 4: return ReconcileAfterAsync(TimeSpan.FromMinutes(2));
                case 5: return CrashAsync(before: true);
                case 6: return CrashAsync(before: false);
                case 7: _world.CachedJobs.Freeze(); break;
                case 8: _world.CachedAgentPods.Freeze(); break;
                case 9: _world.CachedCheckpoints.Freeze(); break;
                case 10: Thaw(); break;
                case 11: _world.Apply(_world.Checkpoint); break; // Somebody annotates it: a conflict for whoever has read it before.
                case 12 or 13: LetTheAgentGoOn(success: true); break;
                case 14: LetTheAgentGoOn(success: false); break;
                case 15: Spoil(() => Cluster.AgentPods.Clear()); break;
                case 16: Spoil(() => Cluster.RemoveJob(Given.Name)); break;
                case 17: Spoil(() => Cluster.RemovePlan(Given.Name)); break;
                default: Spoil(() => _world.Apply(_world.Checkpoint with { Spec = _world.Checkpoint.Spec with { Subpath = "elsewhere" } })); break;
            }

            return Task.CompletedTask;
        }

        public void CheckInvariants()
        {
            _jobsWithAgents.Count.Should().BeLessThanOrEqualTo(1, "at most one Job ever makes an agent work");
            if (!_spoiled) Cluster.JobsEver.Count.Should().BeLessThanOrEqualTo(1, "a Job is created once");
            Cluster.IdleStatusWrites.Should().Be(0, "nothing is written when nothing changed");
            if (_world.Status.Phase == Phase.Complete) _saidSuccess.Should().BeTrue("only the agent can say so");
            if (_final is not null) InMemoryCluster.JsonOf(_world.Status).Should().Be(_final, "a final status never changes");
            if (_world.Checkpoint.Status is not null && Observation.IsFinal(_world.Checkpoint)) _final ??= InMemoryCluster.JsonOf(_world.Status);
        }

        /// <summary>From here on all goes well, and a day and more passes.</summary>
        public async Task CalmDownAsync()
        {
            Thaw();
            _world.Restart();
            for (var i = 0; i < 12; i++)
            {
                await ReconcileAfterAsync(TimeSpan.FromSeconds(40));
                CheckInvariants();
                LetTheAgentGoOn(success: true);
            }

            _final.Should().NotBeNull("every capture comes to an end");
            if (_saidSuccess && !_spoiled) _world.Status.Phase.Should().Be(Phase.Complete, "the agent has stored all and said so");
            for (var i = 0; i < 3; i++) await ReconcileAfterAsync(TimeSpan.FromDays(2));
            await _world.SweepAsync();
            CheckInvariants();
            Cluster.Jobs.Should().BeEmpty();
            Cluster.Plans.Should().BeEmpty();
        }

        private async Task ReconcileAfterAsync(TimeSpan time)
        {
            _world.Clock.Advance(time);
            await ReconcileAsync();
        }

        private async Task ReconcileAsync()
        {
            try
            {
                await _world.ReconcileAsync();
            }
            catch (HttpOperationException)
            {
                // 409: the queue brings the key again.
            }
        }

        private async Task CrashAsync(bool before)
        {
            if (before) Cluster.BeforeWrite = _ => throw new ProcessDiedException();
            else Cluster.AfterWrite = _ => throw new ProcessDiedException();
            try
            {
                await ReconcileAsync();
            }
            catch (ProcessDiedException)
            {
                _world.Restart();
                Thaw(); // A new process lists anew.
            }
            finally
            {
                Cluster.BeforeWrite = Cluster.AfterWrite = _ => { };
            }
        }

        private void Thaw()
        {
            _world.CachedJobs.Thaw();
            _world.CachedAgentPods.Thaw();
            _world.CachedCheckpoints.Thaw();
        }

        private void Spoil(Action act)
        {
            if (Cluster.Jobs.Count == 0) return;
            _spoiled = true;
            act();
        }

        private void LetTheAgentGoOn(bool success)
        {
            if (Cluster.Jobs.Values.FirstOrDefault() is not { } job || AgentWatch.EndOf(job) is not null) return;
            switch (Cluster.AgentPods.FirstOrDefault())
            {
                case null:
                    Cluster.MakeAgentPod(job);
                    _jobsWithAgents.Add(job.Metadata.Uid);
                    break;
                case { Status.ContainerStatuses: null } pod:
                    Cluster.Report(pod, Given.Running);
                    break;
                case { Status.Phase: "Running" } pod:
                    Cluster.Report(pod, Given.Said(success ? Given.Success : Given.Failure()));
                    _saidSuccess |= success;
                    break;
                case { } pod:
                    Cluster.End(job, pod.Status.Phase == "Succeeded" ? "Complete" : "Failed");
                    break;
            }
        }
    }
}
