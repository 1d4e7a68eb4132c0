-- Health of ECR Operator's objects (Repository and ImageReplication) for Argo CD.
--
--   no status of this manifest yet      Progressing
--   spec.suspend, and it took effect    Suspended
--   Stalled: somebody has to act        Degraded
--   Ready                               Healthy
--   anything else goes on by itself     Progressing
--
-- An object that is being deleted is "Progressing: Pending deletion" to Argo CD, and does not come here.

local generation = obj.metadata.generation
local conditions = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    conditions[condition.type] = condition
  end
end

local function answer(status, condition)
  local message = condition.message or ""
  if condition.reason ~= nil then
    message = condition.reason .. ": " .. message
  end
  return { status = status, message = message }
end

-- While an object is suspended, status.observedGeneration and Ready stay as they were: this condition alone
-- is about the manifest as it is now.
local suspended = conditions["Suspended"]
if suspended ~= nil and suspended.status == "True" and suspended.observedGeneration == generation then
  return answer("Suspended", suspended)
end

if obj.status == nil or obj.status.observedGeneration ~= generation then
  return { status = "Progressing", message = "waiting for the operator to look at this manifest" }
end

local stalled = conditions["Stalled"]
if stalled ~= nil and stalled.status == "True" then
  return answer("Degraded", stalled)
end

local ready = conditions["Ready"]
if ready == nil then
  return { status = "Progressing", message = "waiting for the operator to look at this manifest" }
end
if ready.status == "True" then
  return answer("Healthy", ready)
end
return answer("Progressing", ready)
