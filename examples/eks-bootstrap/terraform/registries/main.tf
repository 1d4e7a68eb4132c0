# The repositories, and then their replication: each waits until it is Ready.
# Applied after ../operator, which brings the CRDs.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.40"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = ">= 2.30"
    }
  }
}

variable "cluster_name" {
  description = "The EKS cluster."
  type        = string
  default     = "my-cluster"
}

data "aws_eks_cluster" "this" {
  name = var.cluster_name
}

data "aws_eks_cluster_auth" "this" {
  name = var.cluster_name
}

provider "kubernetes" {
  host                   = data.aws_eks_cluster.this.endpoint
  cluster_ca_certificate = base64decode(data.aws_eks_cluster.this.certificate_authority[0].data)
  token                  = data.aws_eks_cluster_auth.this.token
}

locals {
  manifests = "${path.module}/../.."
}

resource "kubernetes_namespace_v1" "payments" {
  metadata {
    name = "payments"
  }
}

resource "kubernetes_manifest" "repository" {
  # The first document of the file is the namespace.
  manifest = yamldecode(split("---\n", file("${local.manifests}/repositories/payments.yaml"))[1])

  wait {
    condition {
      type   = "Ready"
      status = "True"
    }
  }

  depends_on = [kubernetes_namespace_v1.payments]
}

resource "kubernetes_manifest" "replication" {
  manifest = yamldecode(file("${local.manifests}/replications/payments.yaml"))

  wait {
    condition {
      type   = "Ready"
      status = "True"
    }
  }

  depends_on = [kubernetes_manifest.repository]
}
