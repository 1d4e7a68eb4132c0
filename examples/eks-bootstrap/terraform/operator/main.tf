# An existing cluster becomes one with the operator: role, policies, Pod Identity agent, association, chart.
# The objects are another root module, ../registries: Terraform has to know their CRDs when it plans.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.40"
    }
    helm = {
      source  = "hashicorp/helm"
      version = ">= 3.0"
    }
  }
}

variable "cluster_name" {
  description = "The EKS cluster."
  type        = string
  default     = "my-cluster"
}

variable "owner_id" {
  description = "This installation in the owner tags of ECR; never the same in two clusters at work."
  type        = string
  default     = "my-cluster"
}

variable "features" {
  description = "What the operator may do: policies in examples/iam. Add delete where manifests say deletionPolicy Delete or ForceDelete, kms for keys of your own (its key id has to be yours), take-over to take over from another cluster."
  type        = set(string)
  default     = ["read", "create", "change", "replication"]
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_eks_cluster" "this" {
  name = var.cluster_name
}

data "aws_eks_cluster_auth" "this" {
  name = var.cluster_name
}

locals {
  namespace       = "ecr-operator"
  service_account = "ecr-operator"
  policies        = "${path.module}/../../../iam"
}

resource "aws_iam_role" "operator" {
  name = "ecr-operator"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                         = data.aws_caller_identity.current.account_id
          "aws:RequestTag/eks-cluster-arn"            = data.aws_eks_cluster.this.arn
          "aws:RequestTag/kubernetes-namespace"       = local.namespace
          "aws:RequestTag/kubernetes-service-account" = local.service_account
        }
      }
    }]
  })
}

# The policies of examples/iam, with this account, partition and owner id in place of the placeholders.
resource "aws_iam_role_policy" "operator" {
  for_each = var.features

  name = each.key
  role = aws_iam_role.operator.id
  policy = replace(
    replace(
      replace(file("${local.policies}/${each.key}.json"), "111122223333", data.aws_caller_identity.current.account_id),
      "arn:aws:", "arn:${data.aws_partition.current.partition}:"
    ),
    "my-cluster/*", "${var.owner_id}/*"
  )
}

# EKS Auto Mode has it built in: leave it out there.
resource "aws_eks_addon" "pod_identity_agent" {
  cluster_name = var.cluster_name
  addon_name   = "eks-pod-identity-agent"
}

resource "aws_eks_pod_identity_association" "operator" {
  cluster_name    = var.cluster_name
  namespace       = local.namespace
  service_account = local.service_account
  role_arn        = aws_iam_role.operator.arn
}

provider "helm" {
  kubernetes = {
    host                   = data.aws_eks_cluster.this.endpoint
    cluster_ca_certificate = base64decode(data.aws_eks_cluster.this.certificate_authority[0].data)
    token                  = data.aws_eks_cluster_auth.this.token
  }
}

resource "helm_release" "operator" {
  name             = "ecr-operator"
  namespace        = local.namespace
  create_namespace = true
  repository       = "oci://ghcr.io/ecr-operator/charts"
  chart            = "ecr-operator"
  version          = "0.1.0"

  values = [
    # EKS may learn of the association after the pods: with these values that does not matter.
    file("${path.module}/../../values-late-association.yaml"),
    yamlencode({
      ownerId        = var.owner_id
      aws            = { region = data.aws_region.current.name }
      serviceAccount = { name = local.service_account }
    }),
  ]

  depends_on = [
    aws_eks_addon.pod_identity_agent,
    aws_eks_pod_identity_association.operator,
    aws_iam_role_policy.operator,
  ]
}
